/* Sentences with words of people in them: names, topics, quotes.
 *
 *     said`Ban ${name}?`
 *
 * A right-to-left name would also reorder the words and brackets around it. So inserted text is isolated (Unicode's UAX
 * 9, FSI and PDI) if it contains anything that could reorder its surroundings; other text gets no invisible characters.
 * In the page itself, <bdi> and dir="auto" do the same. */

const ISOLATE = '\u2068';
const END = '\u2069';
/** Right-to-left letters, and characters that change the direction. */
const TURNS =
  /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]|[\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
/** Characters that are removed from names and quotes; only the isolates that are added here remain. */
const EMBEDDING = /[\u202a-\u202e\u2066\u2067]/g;

/** @param {string} words of people */
export function isolate(words) {
  return TURNS.test(words) ? ISOLATE + words.replace(EMBEDDING, '') + END : words;
}

/**
 * @param {TemplateStringsArray} strings
 * @param {...(string | number)} inserted
 */
export function said(strings, ...inserted) {
  return strings.reduce((text, string, index) => text + isolate(String(inserted[index - 1])) + string);
}
