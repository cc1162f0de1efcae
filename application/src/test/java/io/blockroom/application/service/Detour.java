package io.blockroom.application.service;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Supplier;

/** A port on whose way something may happen. */
final class Detour {
  private Detour() {}

  /** Decides what becomes of a call. */
  interface Way {
    /**
     * @param step the call itself
     * @return what the caller is answered
     */
    Object pass(Supplier<Object> step);
  }

  static <P> P of(Class<P> port, P real, Way way) {
    Object detoured =
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) ->
                way.pass(() -> {
                  try {
                    return method.invoke(real, arguments);
                  } catch (IllegalAccessException inaccessible) {
                    throw new IllegalStateException(inaccessible);
                  } catch (InvocationTargetException failed) {
                    throw rethrown(failed.getTargetException());
                  }
                }));
    return port.cast(detoured);
  }

  private static RuntimeException rethrown(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return (RuntimeException) cause;
  }
}
