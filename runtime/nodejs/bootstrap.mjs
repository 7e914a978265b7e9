// Runs a Lambda handler: loads it once, then asks the Runtime API for one event after the other.
//
// Started by Millstream as `node bootstrap.mjs` with the environment variables that Lambda
// documents. Handlers are CommonJS or ES modules, async, promise or callback style.

import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";
import util from "node:util";

const API = "/2018-06-01/runtime";
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const [apiHost, apiPort] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const recordBytesMax = 256 << 10;
let requestId = ""; // of the event that is being handled

class Fault extends Error {
  constructor(kind, message) {
    super(message);
    this.name = kind;
  }
}

function call(method, route, body, headers) {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host: apiHost, port: apiPort, method, path: API + route, agent, headers },
      (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("end", () => resolve({ status: response.statusCode, headers: response.headers,
                                           body: Buffer.concat(chunks).toString() }));
        response.on("error", reject);
      });
    request.on("error", reject);
    request.end(body);
  });
}

// One log record, which may have many lines, as one event; past recordBytesMax as several.
function writeRecord(text) {
  const body = Buffer.from(text);
  for (let start = 0, end; start < body.length; start = end) {
    end = Math.min(start + recordBytesMax, body.length);
    while (end < body.length && (body[end] & 0xc0) === 0x80) end--; // not within a character
    writePiece(body.subarray(start, end));
  }
}

// A mark, eight hexadecimal digits of length, the text.
function writePiece(body) {
  const head = Buffer.from("\x1eMLS" + body.length.toString(16).padStart(8, "0"));
  let rest = Buffer.concat([head, body]);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(fs.writeSync(1, rest));
    } catch (problem) {
      if (problem.code !== "EAGAIN") throw problem;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

function log(level, ...values) {
  const id = requestId || "undefined";
  writeRecord(`${new Date().toISOString()}\t${id}\t${level}\t${util.format(...values)}`);
}

function patchConsole() {
  const levels = { log: "INFO", info: "INFO", warn: "WARN", error: "ERROR", debug: "DEBUG",
                   trace: "TRACE", fatal: "FATAL" };
  for (const [method, level] of Object.entries(levels)) {
    console[method] = (...values) => log(level, ...values);
  }
}

function describe(problem) {
  if (problem instanceof Error || util.types.isNativeError(problem)) {
    return { errorType: problem.name, errorMessage: problem.message,
             trace: (problem.stack ?? "").split("\n") };
  }
  return { errorType: typeof problem, errorMessage: String(problem), trace: [] };
}

function fail(route, problem) {
  const fault = describe(problem);
  return call("POST", route, JSON.stringify(fault), {
    "Content-Type": "application/json",
    "Lambda-Runtime-Function-Error-Type": fault.errorType,
  });
}

async function load(name) {
  const match = path.basename(name).match(/^([^.]*)\.(.*)$/);
  if (!match || name.includes("..")) throw new Fault("Runtime.MalformedHandlerName", "Bad handler");
  const module = path.join(path.dirname(name), match[1]);
  const file = ["", ".js", ".mjs", ".cjs"]
    .map((extension) => path.resolve(process.env.LAMBDA_TASK_ROOT, module + extension))
    .find((candidate) => fs.statSync(candidate, { throwIfNoEntry: false })?.isFile());
  if (!file) {
    throw new Fault("Runtime.ImportModuleError", `Error: Cannot find module '${module}'`);
  }
  const exported = await importFile(file);
  for (const root of [exported, exported.default]) {
    const found = match[2].split(".").reduce((object, key) => object?.[key], root);
    if (typeof found === "function") return found;
    if (found !== undefined) {
      throw new Fault("Runtime.HandlerNotFound", `${name} is not a function`);
    }
  }
  throw new Fault("Runtime.HandlerNotFound", `${name} is undefined or not exported`);
}

async function importFile(file) {
  try {
    return await import(pathToFileURL(file).href);
  } catch (problem) {
    if (problem instanceof SyntaxError) {
      throw new Fault("Runtime.UserCodeSyntaxError", String(problem));
    }
    if (problem?.code === "MODULE_NOT_FOUND" || problem?.code === "ERR_MODULE_NOT_FOUND") {
      throw new Fault("Runtime.ImportModuleError", String(problem));
    }
    throw problem;
  }
}

function makeContext(headers, settle) {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  const parse = (text) => (text ? JSON.parse(text) : undefined);
  const context = {
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    clientContext: parse(headers["lambda-runtime-client-context"]),
    identity: parse(headers["lambda-runtime-cognito-identity"]),
    getRemainingTimeInMillis: () => Math.max(deadline - Date.now(), 0),
    done: (problem, result) => settle(problem, result, false),
    succeed: (result) => settle(null, result, false),
    fail: (problem) => settle(problem ?? "handled", undefined, false),
  };
  return context;
}

// Calls the handler; the promise holds what it answers. A callback's answer waits until nothing else
// is left to run, unless the context says otherwise, and so does a handler that answers nothing.
function invoke(handler, event, headers) {
  return new Promise((resolve, reject) => {
    let finish = () => resolve(null);
    const whenIdle = () => finish();
    const settle = (problem, result, wait) => {
      finish = () => {
        process.off("beforeExit", whenIdle);
        if (problem != null) reject(problem);
        else resolve(result);
      };
      if (!wait) finish();
    };
    process.once("beforeExit", whenIdle);
    const context = makeContext(headers, settle);
    const callback = (problem, result) =>
      settle(problem, result, context.callbackWaitsForEmptyEventLoop);
    try {
      const returned = handler(event, context, callback);
      if (typeof returned?.then === "function") {
        returned.then((result) => settle(null, result, false),
                      (problem) => settle(problem ?? new Error("undefined"), undefined, false));
      }
    } catch (problem) {
      settle(problem ?? new Error("undefined"), undefined, false);
    }
  });
}

async function handle(handler, next) {
  requestId = next.headers["lambda-runtime-aws-request-id"];
  process.env._X_AMZN_TRACE_ID = next.headers["lambda-runtime-trace-id"] ?? "";
  try {
    const result = await invoke(handler, JSON.parse(next.body), next.headers);
    await call("POST", `/invocation/${requestId}/response`, serialize(result),
               { "Content-Type": "application/json" });
  } catch (problem) {
    log("ERROR", "Invoke Error \t%s", JSON.stringify(withStack(problem)));
    await fail(`/invocation/${requestId}/error`, problem);
  }
}

function serialize(result) {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? "null";
  } catch (problem) {
    throw new Fault("Runtime.MarshalError", `Unable to stringify response body: ${problem.message}`);
  }
}

function withStack(problem) {
  const fault = describe(problem);
  return { errorType: fault.errorType, errorMessage: fault.errorMessage, stack: fault.trace };
}

function exitOnUncaught() {
  const end = (status) => async (problem) => {
    const fault = status === 128
      ? Object.assign(new Fault("Runtime.UnhandledPromiseRejection", String(problem)),
                      { stack: problem?.stack ?? "" })
      : problem;
    log("ERROR", "%s \t%s", status === 128 ? "Unhandled Promise Rejection" : "Uncaught Exception",
        JSON.stringify(withStack(fault)));
    try {
      await fail(requestId ? `/invocation/${requestId}/error` : "/init/error", fault);
    } finally {
      process.exit(status);
    }
  };
  process.on("uncaughtException", end(129));
  process.on("unhandledRejection", end(128));
}

async function main() {
  patchConsole();
  exitOnUncaught();
  let handler;
  try {
    handler = await load(process.env._HANDLER);
  } catch (problem) {
    log("ERROR", "Uncaught Exception \t%s", JSON.stringify(withStack(problem)));
    await fail("/init/error", problem);
    process.exit(1);
  }
  for (;;) {
    const next = await call("GET", "/invocation/next");
    if (next.status !== 200) return;
    await handle(handler, next);
    requestId = "";
  }
}

await main();
