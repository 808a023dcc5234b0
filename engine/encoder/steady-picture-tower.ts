/** @file A picture tower that goes on: where its device fails, the CPU does the same batch again. */
import type { ExecutionProvider, LostProvider } from "../../contract/model.ts";
import type { PictureTower } from "./picture-tower.ts";

/** Opens a tower on one provider; it may reject, as may every run of what it opened. */
export type OpenPictureTower = (provider: ExecutionProvider) => Promise<PictureTower>;

/** For one caller at a time: nothing here may overlap. */
export class SteadyPictureTower {
	readonly #open: OpenPictureTower;
	#provider: ExecutionProvider;
	#tower: PictureTower | null = null;
	#lost: LostProvider | null = null;

	constructor(open: OpenPictureTower, provider: ExecutionProvider) {
		this.#open = open;
		this.#provider = provider;
	}

	/** Where it runs, or will once it is loaded. */
	get provider(): ExecutionProvider {
		return this.#provider;
	}

	/** What it had to leave, and why; null again once another place was asked for. */
	get lost(): LostProvider | null {
		return this.#lost;
	}

	/** Opens it if it is not open. Nothing is remembered of a failed try on the CPU. */
	async load(): Promise<void> {
		await this.#opened();
	}

	/**
	 * A graphics device can go away at any time (sleep, driver reset, another program's memory).
	 * @param pixels uint8 RGB [count, height, width, 3].
	 * @returns Float32 [count, dimensions], unit rows.
	 * @throws Error of the CPU where not even that can do it.
	 */
	async embed(pixels: Uint8Array, count: number): Promise<Float32Array<ArrayBuffer>> {
		const tower = await this.#opened();
		try {
			return await tower.embed(pixels, count);
		} catch (error) {
			if (this.#provider === "cpu") throw error;
			return (await this.#goToCpu(error)).embed(pixels, count);
		}
	}

	/** Leaves the present place for another, or tries again to be where it should have been. */
	async use(provider: ExecutionProvider): Promise<void> {
		this.#lost = null;
		if (provider === this.#provider) return;
		await this.close();
		this.#provider = provider;
	}

	/** A session whose device is gone may not even be released; that costs neither batch nor thread. */
	async close(): Promise<void> {
		const tower = this.#tower;
		this.#tower = null;
		await tower?.close().catch(() => undefined);
	}

	async #opened(): Promise<PictureTower> {
		if (this.#tower !== null) return this.#tower;
		try {
			this.#tower = await this.#open(this.#provider);
			return this.#tower;
		} catch (error) {
			if (this.#provider === "cpu") throw error;
			return this.#goToCpu(error);
		}
	}

	async #goToCpu(cause: unknown): Promise<PictureTower> {
		const reason = cause instanceof Error ? cause.message : String(cause);
		this.#lost = { provider: this.#provider, reason };
		await this.close();
		this.#provider = "cpu";
		this.#tower = await this.#open("cpu");
		return this.#tower;
	}
}
