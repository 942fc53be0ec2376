/** In place of `src/source/prefilter.ts`: what somebody pastes is looked at. */
export const LONGEST_TRACE = 0;

export const mayUseLws = (): boolean => true;
