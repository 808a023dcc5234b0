/** @file Light, dark, or as the system says. */
import { readPreference, writePreference } from "./preferences.ts";

export const themeChoices = ["system", "light", "dark"] as const;
export type ThemeChoice = (typeof themeChoices)[number];

export class Theme {
	#choice = $state<ThemeChoice>("system");

	constructor() {
		const remembered = readPreference("theme");
		this.choose(themeChoices.find((choice) => choice === remembered) ?? "system");
	}

	get choice(): ThemeChoice {
		return this.#choice;
	}

	choose(choice: ThemeChoice): void {
		this.#choice = choice;
		writePreference("theme", choice);
		if (choice === "system") delete document.documentElement.dataset.theme;
		else document.documentElement.dataset.theme = choice;
	}
}
