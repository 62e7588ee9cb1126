/* Searching the settings in force. Pure. */

/**
 * The settings that have this text in their name, value or origin.
 * @param {import('../../lib/protocol.js').SettingInfo[]} settings
 * @param {string} query
 */
export function settingsLike(settings, query) {
  const letters = query.toLowerCase();
  return settings.filter(({ name, value, from }) =>
    [name, value, from].some((text) => text.toLowerCase().includes(letters)),
  );
}
