package dev.mfe.samples.shop;

import java.util.Locale;

/** An amount in euro cents. */
record Money(long cents) {

    Money times(int factor) {
        return new Money(cents * factor);
    }

    Money plus(Money other) {
        return new Money(cents + other.cents);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "€ %d.%02d", cents / 100, cents % 100);
    }
}
