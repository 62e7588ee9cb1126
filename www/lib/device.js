/* What a device calls itself ("Mozilla/5.0 (X11; Linux x86_64) ...") as a person would. Pure. */

/** The first match wins: browsers also name the ones that they descend from. @type {[RegExp, string][]} */
const PROGRAMS = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bCriOS\/|\bChromium\/|\bChrome\/|\bHeadlessChrome\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];

/** @type {[RegExp, string][]} */
const SYSTEMS = [
  [/\bAndroid\b/, 'Android'],
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'Mac'],
  [/\bLinux\b|\bX11\b/, 'Linux'],
];

/**
 * @param {string} userAgent
 * @returns {string} "Firefox on Linux", "curl", "Unknown device"
 */
export function deviceName(userAgent) {
  const program = nameIn(PROGRAMS, userAgent);
  const system = nameIn(SYSTEMS, userAgent);
  if (program && system) return `${program} on ${system}`;
  if (program || system) return program || system;
  return /^[\w .-]{1,40}/.exec(userAgent.trim())?.[0].trim() || 'Unknown device';
}

/** @param {[RegExp, string][]} table @param {string} text */
function nameIn(table, text) {
  return table.find(([pattern]) => pattern.test(text))?.[1] ?? '';
}

/** @param {string} userAgent */
export function isPhone(userAgent) {
  return /\b(?:Android|iPhone|iPad)\b/.test(userAgent);
}
