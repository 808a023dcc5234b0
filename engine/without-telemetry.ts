/**
 * @file Importing this keeps ONNX Runtime from reporting to its maker.
 *
 * [Note: No telemetry] From 1.29 on its official builds for Linux and macOS send what they run, on what
 * machine, to a server of Microsoft's, and keep an id and a queue of reports in the home folder. Only the
 * environment stops that, and only before the library is loaded. A thread's `process.env` is a copy which
 * native code never sees, so the module that starts a thread must import this, not only the thread's own.
 */
process.env.ORT_DISABLE_TELEMETRY = "1";
