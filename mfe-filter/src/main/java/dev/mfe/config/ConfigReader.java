package dev.mfe.config;

import static dev.mfe.config.Printable.quote;

import dev.mfe.config.JsonText.ArrayNode;
import dev.mfe.config.JsonText.BooleanNode;
import dev.mfe.config.JsonText.Member;
import dev.mfe.config.JsonText.Node;
import dev.mfe.config.JsonText.NumberNode;
import dev.mfe.config.JsonText.ObjectNode;
import dev.mfe.config.JsonText.StringNode;
import dev.mfe.path.PathExpression;
import dev.mfe.path.PathExpressionException;
import dev.mfe.path.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns the text of a routing file into a {@link MicrofrontendsConfig}, or into the list of all its problems. Used
 * once.
 *
 * <p>The rules are those of the JSON Schema and the checks in {@code @vercel/microfrontends} 2.4.0.
 */
final class ConfigReader {
    private static final List<String> ROOT_KEYS = List.of("$schema", "version", "applications", "options");
    private static final List<String> ZONE_KEYS = List.of("packageName", "development", "routing", "assetPrefix");
    private static final List<String> GROUP_KEYS = List.of("group", "flag", "paths");
    private static final List<String> OPTIONS_KEYS = List.of("disableOverrides", "localProxyPort");

    private static final Pattern ASSET_PREFIX = Pattern.compile("[a-z](?:[a-z0-9-]*[a-z0-9])?");
    private static final int LISTED_ZONES = 10;

    private static final String QUOTE_IT = "put it in double quotes";
    private static final String WRITE_ZONE = "write { } with the zone's \"routing\" in it";

    private final SourceText source;
    private final OverlapPolicy overlaps;
    private final ProblemList problems;
    private final ProblemList warnings;
    private final JsonChecks checks;
    private final DevelopmentReader developments;
    private final List<Zone> zones = new ArrayList<>();
    private final List<Member> defaultZones = new ArrayList<>();
    private final ZoneClaims claims;
    private MicrofrontendsConfig.Options options = MicrofrontendsConfig.Options.NONE;

    ConfigReader(SourceText source, OverlapPolicy overlaps, UnaryOperator<String> propertyNames) {
        this.source = source;
        this.overlaps = overlaps;
        this.problems = new ProblemList(source);
        this.warnings = new ProblemList(source);
        this.checks = new JsonChecks(source, problems);
        this.developments = new DevelopmentReader(checks, problems, warnings);
        this.claims = new ZoneClaims(source, problems, warnings, propertyNames);
    }

    /** What an entry is taken for. */
    private enum Role {
        DEFAULT,
        ROUTED,
        /**
         * No object, or one with what may be a misspelt {@code routing}: no guess, or one slip would make three
         * problems.
         */
        UNCLEAR
    }

    MicrofrontendsConfig read() {
        readRoot(JsonText.parse(source));
        claims.check(overlaps);
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(source.name(), problems.inOrder());
        }
        Zone defaultZone = zones.stream().filter(Zone::isDefault).findFirst().orElseThrow();
        return new MicrofrontendsConfig(source.name(), zones, defaultZone, options, warnings.inOrder());
    }

    private void readRoot(Node root) {
        if (!(root instanceof ObjectNode object)) {
            checks.wrongType(
                    root,
                    Pointer.ROOT,
                    "the file",
                    "an object",
                    "write {\"applications\": { }} and put the zones into it");
            return;
        }
        checks.refuseRepeatedKeys(object, Pointer.ROOT);
        boolean hasZones = false;
        for (Member member : object.members()) {
            Pointer pointer = Pointer.ROOT.child(member.name());
            switch (member.name()) {
                case "$schema" -> checks.string(member, pointer, QUOTE_IT);
                case "version" -> readVersion(member, pointer);
                case "applications" -> {
                    hasZones = true;
                    readZones(member, pointer);
                }
                case "options" -> readOptions(member, pointer);
                default -> checks.unknownKey(member, pointer, ROOT_KEYS);
            }
        }
        if (!hasZones) {
            problems.add(
                    root.offset(),
                    Pointer.ROOT,
                    "\"applications\" is missing",
                    "add \"applications\": { } and put the zones into it");
        }
    }

    private void readVersion(Member member, Pointer pointer) {
        String version = checks.string(member, pointer, "write \"version\": \"1\"");
        if (version != null && !version.equals("1")) {
            problems.add(
                    member.value().offset(),
                    pointer,
                    "\"version\" is " + quote(version) + ", which is not known",
                    "write \"version\": \"1\", or leave it out");
        }
    }

    private void readOptions(Member member, Pointer pointer) {
        ObjectNode object = checks.object(member, pointer, "write { }, or leave it out");
        if (object == null) {
            return;
        }
        boolean disableOverrides = false;
        String localProxyPort = null;
        for (Member option : object.members()) {
            Pointer place = pointer.child(option.name());
            switch (option.name()) {
                case "disableOverrides" -> {
                    if (option.value() instanceof BooleanNode value) {
                        disableOverrides = value.value();
                    } else {
                        checks.wrongType(option, place, "true or false", "write true or false without quotes");
                    }
                }
                case "localProxyPort" -> {
                    if (option.value() instanceof NumberNode number) {
                        localProxyPort = number.text();
                        developments.warnUnlessPort(option, place, number.text());
                    } else {
                        checks.wrongType(option, place, "a number", "write a port without quotes, such as 3024");
                    }
                }
                default -> checks.unknownKey(option, place, OPTIONS_KEYS);
            }
        }
        options = new MicrofrontendsConfig.Options(disableOverrides, localProxyPort);
    }

    private void readZones(Member applications, Pointer pointer) {
        ObjectNode object = checks.object(applications, pointer, "write { } with the name of each zone as a key");
        if (object == null) {
            return;
        }
        defaultZones.clear();
        boolean allAreRouted = true;
        for (Member member : object.members()) {
            allAreRouted &= readZone(member, pointer.child(member.name())) == Role.ROUTED;
        }
        if (allAreRouted) {
            boolean none = object.members().isEmpty();
            problems.add(
                    applications.value().offset(),
                    pointer,
                    none ? "there are no zones" : "no zone is the default one, as all have \"routing\"",
                    none
                            ? "add the default zone and one with \"routing\""
                            : "add the zone that answers everything else, without \"routing\"");
        }
        if (defaultZones.size() > 1) {
            problems.add(
                    defaultZones.get(1).offset(),
                    pointer.child(defaultZones.get(1).name()),
                    namesOfDefaultZones() + " have no \"routing\", but only one zone can be the default",
                    "add \"routing\" to all of them but one");
        }
    }

    private String namesOfDefaultZones() {
        String names = defaultZones.stream()
                .limit(LISTED_ZONES)
                .map(zone -> quote(zone.name()) + " (" + source.where(zone.offset()) + ")")
                .collect(Collectors.joining(", "));
        int more = defaultZones.size() - LISTED_ZONES;
        return "the zones " + names + (more > 0 ? " and " + more + " more" : "");
    }

    private Role readZone(Member member, Pointer pointer) {
        if (member.name().isEmpty()) {
            problems.add(member.offset(), pointer, "a zone has an empty name", "give it a name");
        }
        ObjectNode object = checks.object(member, pointer, WRITE_ZONE);
        if (object == null) {
            return Role.UNCLEAR;
        }
        Role role = role(object);
        if (role == Role.DEFAULT) {
            defaultZones.add(member);
        }
        ZoneClaims.Claimant claimant = claims.claimant(member.name());
        String packageName = null;
        String assetPrefix = null;
        Development development = DevelopmentReader.absent(member.name());
        List<PathGroup> routing = List.of();
        boolean hasDevelopment = false;
        for (Member field : object.members()) {
            Pointer place = pointer.child(field.name());
            switch (field.name()) {
                case "packageName" -> packageName = checks.string(field, place, QUOTE_IT);
                case "development" -> {
                    hasDevelopment = true;
                    development = developments.read(field, place, member.name(), role == Role.DEFAULT);
                }
                case "routing" -> routing = readRouting(field, place, claimant);
                case "assetPrefix" -> assetPrefix = readAssetPrefix(field, place, role);
                default -> checks.unknownKey(field, place, ZONE_KEYS);
            }
        }
        // {} is how the public documentation writes a default zone
        if (role == Role.DEFAULT && !hasDevelopment && !object.members().isEmpty()) {
            problems.add(
                    member.offset(),
                    pointer,
                    "zone " + quote(member.name()) + " has neither \"routing\" nor \"development\"",
                    "add \"routing\" with its paths; or, if it is the default zone,"
                            + " \"development\": {\"fallback\": \"<host>\"}");
        }
        Zone zone = new Zone(member.name(), packageName, role == Role.DEFAULT, routing, assetPrefix, development);
        zones.add(zone);
        if (role == Role.ROUTED) {
            checkAssetPrefix(object, pointer, zone);
            claims.addPrefixes(claimant, zone, member.offset(), pointer);
        }
        return role;
    }

    private static Role role(ObjectNode zone) {
        boolean unclear = false;
        for (Member field : zone.members()) {
            if (field.name().equals("routing")) {
                return Role.ROUTED;
            }
            unclear |= !ZONE_KEYS.contains(field.name())
                    && NearestKey.of(field.name(), ZONE_KEYS)
                            .filter("routing"::equals)
                            .isPresent();
        }
        return unclear ? Role.UNCLEAR : Role.DEFAULT;
    }

    private List<PathGroup> readRouting(Member member, Pointer pointer, ZoneClaims.Claimant claimant) {
        ArrayNode array = checks.array(member, pointer, "write [{\"paths\": [\"/docs/:path*\"]}]");
        List<PathGroup> groups = new ArrayList<>();
        for (int i = 0; array != null && i < array.elements().size(); i++) {
            Pointer place = pointer.child(i);
            if (array.elements().get(i) instanceof ObjectNode group) {
                groups.add(readGroup(group, place, claimant));
            } else {
                checks.wrongType(
                        array.elements().get(i),
                        place,
                        "a path group",
                        "an object",
                        "write {\"paths\": [\"/docs/:path*\"]}");
            }
        }
        return groups;
    }

    private PathGroup readGroup(ObjectNode object, Pointer pointer, ZoneClaims.Claimant claimant) {
        checks.refuseRepeatedKeys(object, pointer);
        String group = null;
        String flag = null;
        List<PathExpression> paths = List.of();
        boolean hasPaths = false;
        for (Member field : object.members()) {
            Pointer place = pointer.child(field.name());
            switch (field.name()) {
                case "group" -> group = checks.string(field, place, QUOTE_IT);
                case "flag" -> flag = checks.string(field, place, "write the name of one flag in double quotes");
                case "paths" -> {
                    hasPaths = true;
                    paths = readPaths(field, place, claimant);
                }
                default -> checks.unknownKey(field, place, GROUP_KEYS);
            }
        }
        if (!hasPaths) {
            problems.add(object.offset(), pointer, "\"paths\" is missing", "add \"paths\": [\"/docs/:path*\"]");
        }
        // The package asks for truth, and an empty text is false in ECMAScript
        Optional<String> flagName = Optional.ofNullable(flag).filter(name -> !name.isEmpty());
        return new PathGroup(Optional.ofNullable(group), flagName, paths);
    }

    private List<PathExpression> readPaths(Member member, Pointer pointer, ZoneClaims.Claimant claimant) {
        ArrayNode array = checks.array(member, pointer, "write [\"/docs/:path*\"]");
        List<PathExpression> paths = new ArrayList<>();
        for (int i = 0; array != null && i < array.elements().size(); i++) {
            Node element = array.elements().get(i);
            Pointer place = pointer.child(i);
            if (!(element instanceof StringNode path)) {
                checks.wrongType(element, place, "a path", "a string", QUOTE_IT);
                continue;
            }
            try {
                PathExpression expression = PathExpression.parse(path.value());
                if (isCompilable(expression)) {
                    paths.add(expression);
                    claims.add(claimant, expression, element.offset(), place);
                } else {
                    problems.add(
                            element.offset(),
                            place,
                            quote(path.value()) + " is too complex",
                            "use fewer or shorter excluded words");
                }
            } catch (PathExpressionException e) {
                problems.add(element.offset(), place, quote(path.value()) + " " + e.problem(), e.remedy());
            }
        }
        return paths;
    }

    /** Only exclusions can make an expression too complex to be compiled. */
    private static boolean isCompilable(PathExpression expression) {
        if (!expression.text().contains("(?!")) {
            return true;
        }
        try {
            PathMatcher.compile(List.of(expression));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private @Nullable String readAssetPrefix(Member member, Pointer pointer, Role role) {
        String prefix = checks.string(member, pointer, QUOTE_IT);
        if (role == Role.DEFAULT) {
            problems.add(
                    member.offset(),
                    pointer,
                    "\"assetPrefix\" belongs to zones with \"routing\" only",
                    "remove it, or add \"routing\"");
        }
        return prefix;
    }

    private void checkAssetPrefix(ObjectNode object, Pointer pointer, Zone zone) {
        String prefix = zone.assetPrefix().orElse(null);
        Member member = object.members().stream()
                .filter(field -> field.name().equals("assetPrefix"))
                .findFirst()
                .orElse(null);
        if (prefix == null || member == null) {
            return;
        }
        int offset = member.value().offset();
        Pointer place = pointer.child("assetPrefix");
        if (!ASSET_PREFIX.matcher(prefix).matches()) {
            problems.add(
                    offset,
                    place,
                    "the asset prefix " + quote(prefix) + " is not allowed",
                    "start with a lower-case letter, go on with lower-case letters, digits and hyphens,"
                            + " and do not end with a hyphen");
            return;
        }
        PathExpression required = PathExpression.parse("/" + prefix + "/:path*");
        boolean listed = zone.routing().stream()
                .anyMatch(group -> group.flag().isEmpty() && group.paths().contains(required));
        if (listed || prefix.equals(Zone.namedAssetPrefix(zone.name()))) {
            return;
        }
        boolean flagged =
                zone.routing().stream().anyMatch(group -> group.paths().contains(required));
        problems.add(
                offset,
                place,
                flagged
                        ? "the path " + quote(required.text()) + " of the asset prefix has a flag"
                        : "the path " + quote(required.text()) + " of the asset prefix is not routed",
                flagged
                        ? "move it to a path group without \"flag\""
                        : "add it to the \"paths\" of a path group without \"flag\", and deploy that"
                                + " before the asset prefix");
    }
}
