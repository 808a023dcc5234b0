/** @file The one way reading XMP fails: with a reason that can be shown. */

/** A sidecar or packet that is not read, and never written to. The message is a sentence for the person. */
export class UnreadableXmp extends Error {
	constructor(message: string) {
		super(message);
		this.name = "UnreadableXmp";
	}
}
