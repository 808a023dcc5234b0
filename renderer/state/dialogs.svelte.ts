/** @file Which dialog is open: at most one. */

export type DialogName =
	| "folder-chooser"
	| "failures"
	| "settings"
	| "trust"
	| "shortcuts"
	| "save-search"
	| "originals"
	| "tag-conflicts";

/** The parts of the settings. */
export type SettingsSection = "folders" | "model" | "text" | "tags" | "library" | "appearance";

export class Dialogs {
	#opened = $state<DialogName | null>(null);

	/** The part of the settings that is shown. */
	settingsSection = $state<SettingsSection>("folders");

	get opened(): DialogName | null {
		return this.#opened;
	}

	open(name: DialogName): void {
		this.#opened = name;
	}

	openSettings(section: SettingsSection): void {
		this.settingsSection = section;
		this.#opened = "settings";
	}

	close(): void {
		this.#opened = null;
	}
}
