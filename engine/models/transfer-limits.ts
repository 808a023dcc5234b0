/** @file How patient a download is. Tests are less patient. */
export interface TransferLimits {
	/** Nothing arrived for this long: the connection is given up. */
	stallMs: number;
	/** Tries in a row that brought nothing. */
	mostTries: number;
	/** Before the second try; doubled before each further one. */
	retryMs: number;
	/** The longest wait a server can ask for. */
	longestWaitMs: number;
	mostRedirects: number;
}

export const usualLimits: TransferLimits = {
	stallMs: 30_000,
	mostTries: 6,
	retryMs: 1000,
	longestWaitMs: 120_000,
	mostRedirects: 5,
};
