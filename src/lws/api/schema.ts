/**
 * Shapes of the API tables. Nothing here knows the engine; nothing here is code of libwebsockets.
 *
 * Releases are written as `major.minor` (`4.1`), 1.2x maintenance releases as `1.21` to `1.23` (older than 1.3). `since` is the first
 * minor release whose headers have the name, `until` the last one (absent: still there in the newest).
 */

// ---- functions -----------------------------------------------------------------------------------------

export type FunctionKind = "function" | "macro" | "inline" | "alias" | "internal";

/** A line of the generated table, read. */
export interface ApiFunction {
  readonly name: string;
  readonly kind: FunctionKind;
  /** Releases in which an installed header declares it; absent when none does. */
  readonly since?: string;
  readonly until?: string;
  /** Releases in which it belongs to the library alone. */
  readonly internalSince?: string;
  readonly internalUntil?: string;
  /** The newest header or source file that has it. */
  readonly header: string;
}

/**
 * What a call does, as far as rules ask. Numbers are argument positions from 0. A role that is absent means "not known to".
 */
export interface CallRoles {
  /** Ends the whole context, with every connection. */
  readonly destroysContext?: { readonly context: number };
  /** Runs the event loop, or one turn of it, and so calls callbacks before it returns. `foreign`: another library's loop. `time`: how long to wait at most, ignored since 3.2. */
  readonly servicesLoop?: { readonly context?: number; readonly foreign?: true; readonly time?: number };
  /** Closes and frees the connection before it returns, behind the back of the code that is servicing it. */
  readonly closesConnection?: { readonly wsi: number; readonly status?: number };
  /**
   * Sets or cancels the connection's timeout. `reason` is absent where the name fixes it.
   * `unit` tells how the time is read: only whole seconds know `LWS_TO_KILL_SYNC` and `LWS_TO_KILL_ASYNC`.
   */
  readonly setsTimeout?: { readonly wsi: number; readonly reason?: number; readonly time: number; readonly unit: "s" | "us" };
  /** Notes what the close frame will say; closes nothing. */
  readonly setsCloseReason?: { readonly wsi: number; readonly status: number; readonly length?: number };
  /** Hands over a function that the event loop calls later. */
  readonly schedules?: { readonly callback: number; readonly context?: number; readonly sul?: number; readonly delay?: number };
  /** Hands over a callback table or a creation-info structure. */
  readonly createsContext?: { readonly info: number };
  /** Reads a structure in which zero means "as usual", so that all of it has to be set. */
  readonly readsInfo?: { readonly info: number };
  /** Gives the descriptor of the connection's socket, which belongs to the library. */
  readonly socketOf?: { readonly wsi: number };
  /** Closes a file descriptor or socket. */
  readonly closesDescriptor?: { readonly fd: number };
  /** Shuts a socket down and leaves the descriptor open: the library sees it and closes the connection. */
  readonly shutsDownDescriptor?: { readonly fd: number };
  /** Wakes the event loop; the one call that other threads and signal handlers may make. */
  readonly wakesLoop?: { readonly context: number };
  /** Makes `lws_context_default_loop_run_destroy()` come back. */
  readonly exitsLoop?: { readonly context: number };
  /** Gives the context of its argument. */
  readonly contextOf?: { readonly from: number };
  /** Gives a connection other data than the memory its session would have. */
  readonly setsSession?: { readonly wsi: number };
  /** Gives the session's data of a connection. */
  readonly sessionOf?: { readonly wsi: number };
  /** Gives what the application keeps with the context or the vhost, one for all connections. */
  readonly applicationOf?: { readonly from: number };
  /** Gives another connection than the one it is given. */
  readonly otherConnectionOf?: { readonly wsi: number };
  /** Gives a connection that is not yet being serviced. */
  readonly opensConnection?: true;
  /** Runs its function argument in a thread of its own. */
  readonly startsThread?: { readonly entry: number };
  /** Runs its function argument as a signal handler. */
  readonly handlesSignal?: { readonly handler: number };
  /** Runs its function argument at the end of the program. */
  readonly runsAtExit?: { readonly handler: number };
  /** Sends data on a connection; the frame's header goes in front of `buffer`. `kind`: the protocol argument, absent where the name fixes it. */
  readonly writes?: { readonly wsi: number; readonly buffer: number; readonly length: number; readonly kind?: number };
  /** Tells whether more can be written now. */
  readonly checksChoke?: { readonly wsi: number };
  /** Asks for a writeable callback. */
  readonly requestsWriteable?: { readonly wsi: number };
  /** Fetches the body of a response that has arrived. */
  readonly readsResponse?: { readonly wsi: number };
  /** Stops or goes on receiving. */
  readonly pausesReceiving?: { readonly wsi: number };
  /** Ends an HTTP transaction; a nonzero result asks for a close. */
  readonly completesTransaction?: { readonly wsi: number };
  /** Sends a file, whole or by and by. */
  readonly servesFile?: { readonly wsi: number };
  /** Answers a request as a whole, headers and status. */
  readonly answersRequest?: { readonly wsi: number };
  /** Takes its argument for a whole document. `scope`: the class or namespace that the call has to name. */
  readonly parsesWhole?: { readonly data: number; readonly scope?: RegExp };
  /** Tells where in a message received data stands. */
  readonly tellsFragment?: { readonly wsi: number };
  /** Looks for connections whose protocol is this very row of their vhost's table. */
  readonly findsByProtocol?: { readonly protocol: number; readonly vhost?: number };
  /** Ends a Secure Stream; `handle` is where its handle is kept. */
  readonly destroysStream?: { readonly handle: number };
  /** Asks something of a Secure Stream, which may ask for its own destruction in return. */
  readonly asksStream?: { readonly handle: number };
  /** Keeps a pointer to `value` with a Secure Stream. */
  readonly setsMetadata?: { readonly handle: number; readonly value: number };
  /** Takes an element out of its list; a timer is one, by its first member. */
  readonly unlinks?: { readonly element: number };
  /** Changes something else of a connection. */
  readonly controlsFlow?: { readonly wsi: number };
  /** Takes a scheduled function back, or the timer of a connection. */
  readonly unschedules?: { readonly sul: number };
  /** Looks at request or response headers. */
  readonly readsHeader?: { readonly wsi: number };
  /** Sets a timer of the connection. */
  readonly setsTimer?: { readonly wsi: number };
  /** Sets `length` bytes behind `target` to zero (`value` absent) or to `value`. */
  readonly fillsMemory?: { readonly target: number; readonly value?: number; readonly length?: number };
  /** Gives fresh memory of `size` bytes (times `count`), zeroed or not. */
  readonly allocates?: { readonly size: number; readonly count?: number; readonly zeroed: boolean };
  /** Gives memory back. */
  readonly frees?: { readonly target: number };
  /**
   * Takes long, in words. `unlessZero`: an argument that makes it come back at once when it is 0 or NULL; `unlessFlag`: one that does when it has this
   * constant in it; `onlyFor`: the argument's text that is meant;
   * `protocolsOnly`: it is right in other handlers.
   */
  readonly stalls?: { readonly why: string; readonly unlessZero?: number; readonly protocolsOnly?: true; readonly unlessFlag?: { readonly argument: number; readonly name: string }; readonly onlyFor?: { readonly argument: number; readonly text: string } };
  /** Waits: nothing else runs on this thread meanwhile. */
  readonly blocks?: true;
}

/** A structure with function pointers that the library calls, or that carries such a structure. */
export interface CallbackField {
  /** Type as written, without qualifiers; typedef names too. */
  readonly struct: readonly string[];
  readonly field: string;
  /** Position in an initialiser without designators; absent where build options move it. */
  readonly index?: number;
  readonly calledAs: "protocol" | "timer" | "ss" | "event-loop-signal" | "event-library" | "signal" | "thread";
}

// ---- callback reasons ------------------------------------------------------------------------------------

export type Side = "client" | "server" | "both" | "system";

/**
 * What the first parameter of the callback is.
 * `live`: the connection being serviced. `newborn`: being set up. `dying`: already being closed. `fake`: only context, vhost and
 * protocol are set, never to be stored or closed. `listen`: the listening socket. `child`: a dying child, while `user` is the parent's.
 * `user`: whatever the application passed.
 */
export type WsiKind = "live" | "newborn" | "dying" | "fake" | "listen" | "child" | "user";

/**
 * What a nonzero return does.
 * `closes`: ends the connection. `rejects`: refuses what was about to happen, which ends the connection as well.
 * `ignored`: nothing. `harmful`: breaks the library or grants what should be refused. `special`: the value means something else.
 * `init-fails`: a protocol or vhost is not initialised.
 */
export type ReturnEffect = "closes" | "rejects" | "ignored" | "harmful" | "special" | "init-fails";

/** Which return values have the effect of `returnEffect` `closes` and `rejects`. `negative`: only below zero. */
export type ClosesOn = "nonzero" | "negative" | "none";

/** Where a range of releases differs from the row. */
export interface ReasonVersion {
  readonly since?: string;
  readonly until?: string;
  readonly returnEffect?: ReturnEffect;
  readonly closesOn?: ClosesOn;
  readonly note: string;
}

export interface CallbackReason {
  readonly name: string;
  /** Since 1.7 numbers only ever grow; before that they were reshuffled. */
  readonly number: number;
  readonly since: string;
  readonly until?: string;
  readonly side: Side;
  readonly wsi: WsiKind;
  /** Whether `user` is the session data of the connection (which may still be NULL when its size is 0). */
  readonly userValid: boolean;
  /** The connection is already being closed. */
  readonly dying: boolean;
  readonly returnEffect: ReturnEffect;
  readonly closesOn: ClosesOn;
  /** An asynchronous kill of the own connection is forgotten: the handshake resets the timeout. */
  readonly asyncKillLost: boolean;
  /** A synchronous kill, or `lws_close_free_wsi()`, of the own connection does no harm. */
  readonly syncKillHarmless: boolean;
  /** The connection is an established WebSocket: `lws_close_reason()` is allowed (it asserts elsewhere) and a close frame goes out. */
  readonly isWebSocket: boolean;
  readonly versions?: readonly ReasonVersion[];
  /** Where the row comes from: library source lines at v5.0.0, `measured` programs, header, issue. */
  readonly source: string;
}

/** What constant answers mean where a value is not "0 is fine, anything else closes". */
export interface SpecialReturn {
  readonly reason: string;
  /** What is wrong when every answer is 0, or none is. */
  readonly always?: { readonly zero: string; readonly nonzero: string };
  /** What is wrong when a positive value says that a response was sent and none was. */
  readonly answered?: string;
  readonly help: string;
}

// ---- constants -------------------------------------------------------------------------------------------

export interface TimeoutReason {
  readonly name: string;
  readonly value: number;
  readonly since: string;
  readonly until?: string;
}

export interface NeverExisted {
  readonly name: string;
  readonly instead: string;
}
