/** @file Weights for an encoder whose manifest has none of its own. */
import type { Calibration } from "../../encoder/model-manifest.ts";

/**
 * The evidence is counted in standard deviations and in log odds, so that it means much the same
 * with every encoder; these are the starter's weights with nothing of its scale left in them: the
 * centre is that of the library at hand. An encoder that matters deserves weights of its own.
 */
export const defaultCalibration: Calibration = {
	text: { centre: null, excess: 0.75, logOdds: 0.2, bias: -0.1 },
	picture: { centre: null, excess: 1.2, logOdds: 0, bias: -1.05 },
};
