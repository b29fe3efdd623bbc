package dev.docket.simulation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;

/** Stands between a server and its ports: what it does not let through does not happen. */
public interface CrashingProxy {

  /** Lets everything through. */
  CrashingProxy OPEN = (call, isAsynchronous, work) -> work.call();

  /**
   * One call of a port.
   *
   * @param call as {@code TaskStore.replace}
   * @param isAsynchronous whether it answers by a stage
   */
  Object through(String call, boolean isAsynchronous, Callable<Object> work) throws Exception;

  /** The port as the server sees it. */
  default <T> T before(Class<T> port, T real) {
    Object seen =
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) ->
                through(
                    port.getSimpleName() + "." + method.getName(),
                    method.getReturnType() == CompletionStage.class,
                    () -> {
                      try {
                        return method.invoke(real, arguments);
                      } catch (InvocationTargetException failure) {
                        throw (Exception) failure.getCause();
                      }
                    }));
    return port.cast(seen);
  }
}
