package dev.docket.simulation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;

/** Intercepts the calls of a server to its ports, so that a test can fail or delay them. */
public interface CrashingProxy {

  /** Passes every call on. */
  CrashingProxy PASS_THROUGH = (call, isAsynchronous, work) -> work.call();

  /**
   * Handles one call to a port.
   *
   * @param call the port and the method, such as {@code TaskStore.replace}
   * @param isAsynchronous whether the method returns a stage
   * @param work executes the call
   */
  Object intercept(String call, boolean isAsynchronous, Callable<Object> work) throws Exception;

  /** Returns the port wrapped in this proxy. */
  default <T> T wrap(Class<T> port, T target) {
    Object wrapped =
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) ->
                intercept(
                    port.getSimpleName() + "." + method.getName(),
                    method.getReturnType() == CompletionStage.class,
                    () -> {
                      try {
                        return method.invoke(target, arguments);
                      } catch (InvocationTargetException failure) {
                        throw (Exception) failure.getCause();
                      }
                    }));
    return port.cast(wrapped);
  }
}
