/* Laid out like a UUIDv7 (RFC 9562, 5.7): ids made one after another stand beside each other in the server's index, which
   makes storing them cheaper than wholly random ones. crypto.randomUUID would be random, and exists only on secure origins;
   a chat on http://server.lan is not one. */

/** @returns {string} 48 bits of time and 80 random bits, as 32 hexadecimal digits */
export function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  const time = Date.now().toString(16).padStart(12, '0').slice(-12);
  return time + Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
