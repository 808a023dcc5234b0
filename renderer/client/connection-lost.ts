/** @file The error of calls that found no engine to answer them. */

/** The engine could not be reached, or went away before it answered. */
export class ConnectionLost extends Error {
	constructor() {
		super("Afterimage is not running. It will continue when it is started again.");
		this.name = "ConnectionLost";
	}
}
