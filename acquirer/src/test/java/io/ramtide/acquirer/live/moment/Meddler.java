package io.ramtide.acquirer.live.moment;

import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.qemu.Monitor;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** A guest, or its monitor, to whose calls something happens before or instead. */
interface Meddler {
  /**
   * What happens at a call of the guest, by its name, or of the monitor's execute, by the command.
   *
   * @return instead of what the call gives, or null to let it be made
   */
  Object at(String call) throws IOException;

  static LiveGuest with(LiveGuest guest, Meddler meddler) {
    return proxy(LiveGuest.class, guest, meddler);
  }

  private static <T> T proxy(Class<T> type, T real, Meddler meddler) {
    return type.cast(
        Proxy.newProxyInstance(
            Meddler.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> call(real, meddler, method, arguments)));
  }

  private static Object call(Object real, Meddler meddler, Method method, Object[] arguments)
      throws Throwable {
    boolean command = method.getName().equals("execute");
    Object instead = meddler.at(command ? (String) arguments[0] : method.getName());
    if (instead != null) {
      return instead;
    }
    try {
      Object result = method.invoke(real, arguments);
      return result instanceof Monitor monitor ? proxy(Monitor.class, monitor, meddler) : result;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
