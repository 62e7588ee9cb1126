/* Does a typed fragment mean a name, and how well? "gdn" means "garden". */

/**
 * @param {string} fragment
 * @param {string} name
 * @returns {number} 0: no match; higher is better
 */
export function fuzzyScore(fragment, name) {
  const wanted = fragment.trim().toLocaleLowerCase();
  const text = name.toLocaleLowerCase();
  if (!wanted) return 1;
  if (text === wanted) return 1000;
  if (text.startsWith(wanted)) return 900 - Math.min(text.length, 100);
  const inside = text.indexOf(wanted);
  if (inside > 0) return (isWordStart(text, inside) ? 700 : 500) - Math.min(inside, 100);
  let score = 300;
  let from = 0;
  for (const character of wanted) {
    const found = text.indexOf(character, from);
    if (found < 0) return 0;
    score -= Math.min(found - from, 20);
    from = found + character.length;
  }
  return Math.max(score, 1);
}

/**
 * @param {string} text
 * @param {number} index
 */
function isWordStart(text, index) {
  return /[\s._-]/.test(text[index - 1]);
}
