/** @file The contract's implementer: refusals raised anywhere in the engine become typed errors here. */
import { type ImplementerInternalWithMiddlewares, implement } from "@orpc/server";
import { contract } from "../../contract/contract.ts";
import { Refusal } from "../../contract/errors.ts";

type NoContext = Record<never, never>;

/** Named, as what would be inferred is longer than the compiler writes out. */
type ContractImplementer = ImplementerInternalWithMiddlewares<
	typeof contract,
	NoContext,
	NoContext
>;

/**
 * Start of every handler. A `Refusal` crosses the channel with its code, message and detail;
 * anything else is a defect: the client hears of an internal error and nothing of our insides.
 */
export const implementer: ContractImplementer = implement(contract).use(
	async ({ next, errors }) => {
		try {
			return await next();
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			throw errors[error.code]({ message: error.message, data: error.detail, cause: error });
		}
	},
);
