/** Properties in a mutation run always have the same cases: what kills a mutant once kills it again. */
import fc from "fast-check";

fc.configureGlobal({ seed: 1 });
