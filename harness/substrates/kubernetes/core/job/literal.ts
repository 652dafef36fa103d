/** A word as Kubernetes leaves it alone: it replaces `$(NAME)` in commands, and two dollars stand for one. */
export function literal(word: string): string {
  return word.replaceAll('$', '$$$$');
}
