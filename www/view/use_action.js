/* An action of a button, and why it failed. */
import { useState } from 'preact/hooks';
import { reasonOf } from '../lib/refusal.js';

/**
 * @returns {{ problem: string, carryOut: (action: () => Promise<unknown>) => Promise<boolean> }} whether it has worked
 */
export function useAction() {
  const [problem, setProblem] = useState('');
  return {
    problem,
    async carryOut(action) {
      setProblem('');
      try {
        await action();
        return true;
      } catch (error) {
        setProblem(reasonOf(error).message);
        return false;
      }
    },
  };
}
