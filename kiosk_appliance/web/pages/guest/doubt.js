// @ts-check
/**
 * When a network that finds nobody is to be doubted: one that has lost its GPU says so by nothing
 * but empty masks. Knows no network.
 */

/** So many masks without anybody in a row, and twice as many each time that nobody was there. */
const FIRST = 10;
const MOST = 640;

/** @returns {(somebody: boolean) => boolean} told of each mask; true: somebody else is to be asked */
export function doubts() {
  let empty = 0;
  let due = FIRST;
  return (somebody) => {
    if (somebody) {
      empty = 0;
      due = FIRST;
      return false;
    }
    empty += 1;
    if (empty < due) return false;
    empty = 0;
    due = Math.min(MOST, 2 * due);
    return true;
  };
}
