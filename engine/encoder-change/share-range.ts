/** @file How far a share found with few questions may be from the share that many would give. */
import type { ShareRange } from "../../contract/encoder-change.ts";

/** Of a standard normal distribution, 95 % lies within. */
const deviations = 1.96;

/**
 * Wilson's score interval ("Probable inference, the law of succession, and statistical inference", 1927, Journal of the
 * American Statistical Association 22): unlike a plus and minus around the share it stays between 0 and 1, and is wide
 * where all or none of a few were found.
 * @param found of `asked`, which is at least 1
 */
export function shareRange(found: number, asked: number): ShareRange {
	const squared = deviations ** 2;
	const share = found / asked;
	const centre = share + squared / (2 * asked);
	const half = deviations * Math.sqrt((share * (1 - share)) / asked + squared / (4 * asked ** 2));
	const shrunk = 1 + squared / asked;
	return {
		// At the edges the sum is exact in the formula and not in floating point.
		from: found === 0 ? 0 : (centre - half) / shrunk,
		to: found === asked ? 1 : (centre + half) / shrunk,
	};
}
