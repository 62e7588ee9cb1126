/* Something that a button does, and why it could not be done. */
import { useState } from 'preact/hooks';
import { reasonOf } from '../lib/refusal.js';

/**
 * @returns {{ problem: string, carryOut: (deed: () => Promise<unknown>) => Promise<boolean> }} whether it has worked
 */
export function useDeed() {
  const [problem, setProblem] = useState('');
  return {
    problem,
    async carryOut(deed) {
      setProblem('');
      try {
        await deed();
        return true;
      } catch (error) {
        setProblem(reasonOf(error).message);
        return false;
      }
    },
  };
}
