/** The same object with some members replaced. Methods run on the real one, which may have private fields. */
export function withMembers<T extends object>(real: T, members: Partial<T>): T {
  return new Proxy(real, {
    get(target, name) {
      if (Object.hasOwn(members, name)) return members[name as keyof T];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
