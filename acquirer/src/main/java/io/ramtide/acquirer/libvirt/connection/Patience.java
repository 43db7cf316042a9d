package io.ramtide.acquirer.libvirt.connection;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls with a time limit. libvirt has none: a QEMU that does not answer its monitor holds a call
 * for ever, and keepalive sees a healthy libvirtd. A call cannot be taken back, so it is left
 * behind on its thread; until it returns, its like are refused, lest the threads pile up.
 */
public final class Patience {
  private static final String HINT =
      "libvirtd hangs, or the guest's QEMU does not answer it: see libvirtd's log";

  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "libvirt-call");
            thread.setDaemon(true);
            return thread;
          });

  private final Map<Object, Future<?>> unanswered = new ConcurrentHashMap<>();

  public interface Call<T> {
    T make() throws IOException;
  }

  /**
   * @param about whose calls are refused while this one is unanswered
   * @param what for the message, e.g. listing the guests
   * @throws HypervisorException if it is not answered in time
   */
  public <T> T within(long seconds, Object about, String what, Call<T> call) throws IOException {
    Future<?> earlier = unanswered.get(about);
    if (earlier != null && !earlier.isDone()) {
      throw new HypervisorException(
          what + ": libvirt has not answered an earlier call yet; " + HINT, null);
    }
    unanswered.remove(about);
    Future<T> answer = THREADS.submit(call::make);
    try {
      return answer.get(seconds, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      unanswered.put(about, answer);
      throw new HypervisorException(
          what + ": libvirt has not answered for " + seconds + " seconds; " + HINT, e);
    } catch (InterruptedException e) {
      unanswered.put(about, answer);
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException(what + ": interrupted").initCause(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      if (e.getCause() instanceof LinkageError missing) {
        throw Errors.noLibrary(missing);
      }
      throw new IllegalStateException(what, e.getCause());
    }
  }
}
