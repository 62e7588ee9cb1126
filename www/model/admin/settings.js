/* The settings in force, as one looks through them. Pure. */

/**
 * Those that have these letters in their name, their value, or where that comes from.
 * @param {import('../../lib/protocol.js').SettingInfo[]} settings
 * @param {string} query
 */
export function settingsLike(settings, query) {
  const letters = query.toLowerCase();
  return settings.filter(({ name, value, from }) =>
    [name, value, from].some((text) => text.toLowerCase().includes(letters)),
  );
}
