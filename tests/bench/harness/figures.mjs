/* Numbers: taking the middle of several runs, and printing them for people. */

export function median(numbers) {
  const sorted = numbers.filter(Number.isFinite).sort((a, b) => a - b);
  if (!sorted.length) return NaN;
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The smallest of the numbers that so large a share (0 to 1) of them does not exceed; NaN when there are none. */
export function percentile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted.length ? sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] : NaN;
}

/** The same object with each number the median of that number in all objects; what is no number is left out. */
export function medians(objects) {
  const result = {};
  for (const [key, value] of Object.entries(objects[0] ?? {})) {
    const values = objects.map((object) => object[key]);
    if (typeof value === 'number') result[key] = median(values);
    else if (value && typeof value === 'object' && !Array.isArray(value)) result[key] = medians(values.filter(Boolean));
  }
  return result;
}

export function whole(number) {
  return Number.isFinite(number) ? Math.round(number).toLocaleString('en-US') : '-';
}

export function fixed(number, digits = 2) {
  return Number.isFinite(number) ? number.toFixed(digits) : '-';
}

/** Rows of texts as lines: numbers to the right, the first column and what is said in words to the left. */
export function table(head, rows) {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const line = (row) =>
    row
      .map((text, i) => (i === 0 || head[i] === 'faults' ? text.padEnd(widths[i]) : text.padStart(widths[i])))
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)];
}

/**
 * One goal of a scenario, judged.
 * @param {string} text what is to be reached
 * @param {number} value what was measured; NaN when it could not be
 * @param {(value: number) => boolean} reached
 * @param {string} [shown] the value for people
 */
export function goal(text, value, reached, shown = fixed(value)) {
  return {
    text,
    value: Number.isFinite(value) ? value : null,
    shown,
    met: Number.isFinite(value) ? reached(value) : null,
  };
}
