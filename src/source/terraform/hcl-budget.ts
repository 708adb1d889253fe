/** A budget bounds the work and the depth of an evaluation, so that a hostile file ends it early instead of hanging it. */

export interface Budget {
  /** Takes `amount` steps (an expression, or 64 characters or elements made); false when they are used up. */
  readonly spend: (amount: number) => boolean;
  /** Runs `work` one level deeper, or gives `otherwise` when that is too deep. */
  readonly deeper: <T>(work: () => T, otherwise: () => T) => T;
}

/** A large repository's root module takes some ten thousand steps. */
const MAX_STEPS = 2_000_000;
/** Levels of expressions within each other, through all the names they refer to. */
const MAX_LEVELS = 600;

export function createBudget(steps = MAX_STEPS): Budget {
  let left = steps;
  let level = 0;
  return {
    spend: (amount) => {
      left -= amount;
      return left >= 0;
    },
    deeper: (work, otherwise) => {
      if (level >= MAX_LEVELS) return otherwise();
      level++;
      try {
        return work();
      } finally {
        level--;
      }
    },
  };
}

export function stepsFor(size: number): number {
  return 1 + Math.floor(size / 64);
}
