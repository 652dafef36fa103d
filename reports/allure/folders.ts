/** The folder of Allure results in the folder of a run. */
export const ALLURE_RESULTS = 'allure-results';

/** The history over runs, in the folder of runs. */
export const ALLURE_HISTORY = 'allure-history.jsonl';
