/* The server's answer to one request, while a component is drawn. */
import { useEffect, useState } from 'preact/hooks';
import { reasonOf } from '../lib/refusal.js';

/**
 * @param {() => Promise<any>} question
 * @param {unknown[]} inputs requested again when one of them changes
 * @returns {{ answer: any, problem: string, retry: () => void }} answer null: not yet, or failed
 */
export function useQuery(question, inputs) {
  const [state, setState] = useState({ answer: /** @type {any} */ (null), problem: '' });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let isWanted = true;
    setState({ answer: null, problem: '' });
    question().then(
      (answer) => isWanted && setState({ answer, problem: '' }),
      (error) => isWanted && setState({ answer: null, problem: reasonOf(error).message }),
    );
    return () => {
      isWanted = false;
    };
  }, [...inputs, turn]);
  return { ...state, retry: () => setTurn(turn + 1) };
}
