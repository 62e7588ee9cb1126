/* What every part of the view can use. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

/**
 * @typedef {object} AppContext
 * @property {import('../model/chat.js').Chat} chat
 * @property {import('../net/connection.js').Connection} connection
 * @property {import('../model/identity.js').Identity} identity
 * @property {typeof import('../net/api.js')} api
 * @property {(frame: import('../lib/protocol.js').ClientFrame) => Promise<any>} request lists, and verbs such as rename and ban: the
 *   answer; rejects with what lib/refusal.js makes a sentence of
 * @property {import('../model/admin/waiting.js').WaitingReports} reports
 * @property {import('../model/day_clock.js').DayClock} dayClock
 * @property {import('./router.js').Router} router
 * @property {import('./theme.js').Theme} theme
 */

const Context = createContext(/** @type {AppContext | null} */ (null));

export const ContextProvider = Context.Provider;

/** @returns {AppContext} */
export function useApp() {
  const context = useContext(Context);
  if (!context) throw new Error('outside of ContextProvider');
  return context;
}
