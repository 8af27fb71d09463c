/** Tells those who wait for events that there may be new ones: a hint, no event is lost with it. */
export interface Wake {
  /** Told after a transaction that wrote events. */
  call(): void;
  /** `listen` is called for each call here or on another instance, until the function that is returned is called. */
  listen(listen: () => void): () => void;
  close(): Promise<void>;
}

/** For one instance alone. */
export function localWake(): Wake {
  const listeners = new Set<() => void>();
  return {
    call() {
      for (const listen of listeners) listen();
    },
    listen(listen) {
      listeners.add(listen);
      return () => void listeners.delete(listen);
    },
    close: async () => undefined,
  };
}
