/** @file Short notes at the bottom of the window: what was done, with undo, or what went wrong. */

export interface Toast {
	readonly key: number;
	readonly message: string;
	readonly tone: "note" | "problem";
	/** What the button on the note does, such as undo. */
	readonly action: { readonly label: string; readonly run: () => void } | null;
}

const shownMs = 7000;

export class Toasts {
	#shown = $state.raw<readonly Toast[]>([]);
	#lastKey = 0;

	get shown(): readonly Toast[] {
		return this.#shown;
	}

	/** Says that something was done. */
	note(message: string, action: Toast["action"] = null): void {
		this.#show({ message, tone: "note", action });
	}

	/** Says that something went wrong, and where possible what to do. */
	problem(message: string, action: Toast["action"] = null): void {
		this.#show({ message, tone: "problem", action });
	}

	dismiss(key: number): void {
		this.#shown = this.#shown.filter((toast) => toast.key !== key);
	}

	/** Takes away the note that says this. */
	dismissMessage(message: string): void {
		this.#shown = this.#shown.filter((toast) => toast.message !== message);
	}

	/** Does what the newest note offers, such as undo. False when no note offers anything. */
	runLastAction(): boolean {
		const toast = this.#shown.findLast(({ action }) => action !== null);
		if (toast === undefined) return false;
		toast.action?.run();
		this.dismiss(toast.key);
		return true;
	}

	#show(toast: Omit<Toast, "key">): void {
		this.#lastKey += 1;
		const key = this.#lastKey;
		const others = this.#shown.filter(({ message }) => message !== toast.message);
		this.#shown = [...others, { ...toast, key }].slice(-3);
		setTimeout(() => this.dismiss(key), shownMs);
	}
}
