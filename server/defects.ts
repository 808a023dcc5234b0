/** @file Defects reach whoever runs the server; the client hears only that something went wrong. */
import { ORPCError } from "@orpc/server";

/** Told of every error that is neither a refusal nor the caller's own cancelling. */
export type DefectListener = (error: unknown) => void;

/**
 * A client interceptor for the handlers of every channel: around the call itself, so that a request which
 * cannot even be read is no defect.
 */
export function reportDefects(listener: DefectListener) {
	return async <Result>(options: {
		next(): Promise<Result>;
		signal?: AbortSignal | undefined;
	}): Promise<Result> => {
		try {
			return await options.next();
		} catch (error) {
			const expected = error instanceof ORPCError && error.code !== "INTERNAL_SERVER_ERROR";
			if (!expected && options.signal?.aborted !== true) listener(error);
			throw error;
		}
	};
}
