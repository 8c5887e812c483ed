package dev.mfe.quarkus.runtime;

import io.quarkus.arc.BeanCreator;
import io.quarkus.arc.SyntheticCreationalContext;

/** Makes the health check of a zone. */
public final class ZoneHealthCreator implements BeanCreator<ZoneHealth> {

    /** The parameter that names the zone. */
    public static final String ZONE = "zone";

    /** For Quarkus. */
    public ZoneHealthCreator() {}

    @Override
    public ZoneHealth create(SyntheticCreationalContext<ZoneHealth> context) {
        return new ZoneHealth(
                context.getInjectedReference(Microfrontends.class),
                String.valueOf(context.getParams().get(ZONE)));
    }
}
