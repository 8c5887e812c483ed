package dev.mfe.proxy;

/**
 * Fields by which routing layers talk to each other. From a client they are worth nothing and never reach a zone.
 *
 * @since 0.1
 */
public final class InternalFields {

    private InternalFields() {}

    /**
     * Tells whether a client's field is dropped.
     *
     * @param name the field's name in any case
     * @return true for {@code x-vercel-mfe-*} and {@code x-vercel-protection-bypass}
     */
    public static boolean internal(String name) {
        return name.regionMatches(true, 0, "x-vercel-", 0, 9)
                && (name.regionMatches(true, 9, "mfe-", 0, 4) || name.equalsIgnoreCase("x-vercel-protection-bypass"));
    }
}
