/** @file Where the encoder can run. Apart from the schemas, which a page would load with it. */
import type { ExecutionProvider, ProviderTrial } from "./model.ts";

/** The providers that gave the CPU's numbers: where a person may choose to run the encoder. */
export function agreeingProviders(trials: readonly ProviderTrial[]): ExecutionProvider[] {
	return trials
		.filter(({ provider, outcome }) => {
			return provider === "cpu" || outcome === "chosen" || outcome === "slower";
		})
		.map(({ provider }) => provider);
}
