package io.ramtide.bench;

import java.util.Arrays;
import java.util.concurrent.Callable;

/** Alternates two or more contenders, so that noise of the machine meets each of them. */
public final class Rounds {
  private Rounds() {}

  /**
   * Seconds of each contender and round: {@code [contender][round]}; the first round is not kept.
   */
  public static double[][] run(int rounds, Callable<?>... contenders) throws Exception {
    double[][] seconds = new double[contenders.length][rounds];
    for (int round = -1; round < rounds; round++) {
      for (int i = 0; i < contenders.length; i++) {
        long begin = System.nanoTime();
        contenders[i].call();
        if (round >= 0) {
          seconds[i][round] = (System.nanoTime() - begin) / 1e9;
        }
      }
    }
    return seconds;
  }

  public static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Minimum, median and maximum of numerator/denominator, round by round. */
  public static String ratio(double[] numerator, double[] denominator) {
    double[] ratios = new double[numerator.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = numerator[i] / denominator[i];
    }
    Arrays.sort(ratios);
    return "%.2f / %.2f / %.2f"
        .formatted(ratios[0], ratios[ratios.length / 2], ratios[ratios.length - 1]);
  }
}
