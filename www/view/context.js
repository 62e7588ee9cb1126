/* What every part of the view may use. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

/**
 * @typedef {object} AppContext
 * @property {import('../model/chat.js').Chat} chat
 * @property {import('../net/connection.js').Connection} connection
 * @property {import('../model/today.js').Today} today
 * @property {import('./router.js').Router} router
 * @property {import('./theme.js').Theme} theme
 * @property {(name: string) => Promise<void>} takeName rejects with an Error whose message is for people
 */

const Context = createContext(/** @type {AppContext | null} */ (null));

export const ContextProvider = Context.Provider;

/** @returns {AppContext} */
export function useApp() {
  const context = useContext(Context);
  if (!context) throw new Error('outside of ContextProvider');
  return context;
}
