const MAX_SHOWN = 10;

/** The number of letters to insert, remove, replace or swap to make one text of another, upper and lower case alike. */
function distance(a: string, b: string): number {
  const left = a.toLowerCase();
  const right = b.toLowerCase();
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, j) => j);
  for (let i = 1; i <= left.length; i++) {
    const row = [i];
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1];
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      if (swapped) best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[right.length] ?? 0;
}

function isNear(wanted: string, name: string): boolean {
  const a = wanted.toLowerCase();
  const b = name.toLowerCase();
  if (a.length >= 3 && (b.includes(a) || (b.length >= 3 && a.includes(b)))) return true;
  return distance(wanted, name) <= Math.max(1, Math.floor(wanted.length / 3));
}

/** A sentence that helps with a wrong name: names like it, or what there is. `what` is a plural: "tables". */
export function suggest(wanted: string, names: readonly string[], what: string): string {
  if (names.length === 0) return `There are no ${what}.`;
  const near = names
    .filter((name) => isNear(wanted, name))
    .sort((a, b) => distance(wanted, a) - distance(wanted, b))
    .slice(0, 3);
  if (near.length > 0) return `Did you mean ${near.map((name) => `"${name}"`).join(" or ")}?`;
  const more = names.length - MAX_SHOWN;
  return `The ${what} are: ${names.slice(0, MAX_SHOWN).join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
}
