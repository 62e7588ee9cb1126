/* crypto.randomUUID exists only on secure origins; a chat on http://server.lan is not one. */

/** @returns {string} 128 random bits, as 32 hexadecimal digits */
export function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
