/** @file Which dialog is open: at most one. */

export type DialogName =
	| "folder-chooser"
	| "failures"
	| "settings"
	| "trust"
	| "shortcuts"
	| "save-search";

export class Dialogs {
	#opened = $state<DialogName | null>(null);

	get opened(): DialogName | null {
		return this.#opened;
	}

	open(name: DialogName): void {
		this.#opened = name;
	}

	close(): void {
		this.#opened = null;
	}
}
