/* Random numbers that can be had again: the seed is printed, and HUBBUB_SEED brings it back. */
import { randomInt } from 'node:crypto';

export class Random {
  #state;

  /** @param {number} seed */
  constructor(seed) {
    this.seed = seed;
    this.#state = BigInt(seed);
  }

  /** 53 random bits as a number from 0 to below 1 (SplitMix64). */
  fraction() {
    const mask = 0xffffffffffffffffn;
    this.#state = (this.#state + 0x9e3779b97f4a7c15n) & mask;
    let z = this.#state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask;
    z ^= z >> 31n;
    return Number(z >> 11n) / 2 ** 53;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low, high) {
    return low + Math.floor(this.fraction() * (high - low + 1));
  }

  /** @template T @param {T[]} list @returns {T} */
  pick(list) {
    return list[this.between(0, list.length - 1)];
  }
}

/** A seed of its own for a test, or that of HUBBUB_SEED, told in the test's output. */
export function seeded(t) {
  const seed = process.env.HUBBUB_SEED ? Number(process.env.HUBBUB_SEED) : randomInt(2 ** 31);
  t.diagnostic(`HUBBUB_SEED=${seed} runs this again`);
  return new Random(seed);
}
