import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.TaggedFields;

/**
 * Writes, for every message of Apache Kafka, every version and every way of filling it, the bytes and the JSON that
 * Kafka's own classes make: lines of "message|version|filling|hex|json". make.sh runs it.
 *
 * Fillings: "set" gives every field of the version a value that is not its default, lists two elements; "null" makes
 * null what may be null and leaves the rest alone; "default" touches nothing; "unknown" is "set" with two tagged
 * fields that no schema knows, in every struct.
 */
public final class GoldenMessages {
    private static final String[] FILLINGS = {"set", "null", "default", "unknown"};

    public static void main(String[] args) throws Exception {
        Map<String, Class<?>> classes = new TreeMap<>();
        for (int i = 1; i < args.length; i++)
            find(args[i], classes);
        try (PrintStream out = new PrintStream(new GZIPOutputStream(new java.io.FileOutputStream(args[0])), false, StandardCharsets.UTF_8)) {
            for (Map.Entry<String, Class<?>> entry : classes.entrySet())
                writeAll(out, entry.getKey(), entry.getValue());
        }
        System.err.println(classes.size() + " messages");
    }

    private static void find(String jar, Map<String, Class<?>> classes) throws Exception {
        try (JarFile file = new JarFile(jar)) {
            for (var entries = file.entries(); entries.hasMoreElements();) {
                String path = entries.nextElement().getName();
                boolean generated = path.contains("/common/message/") || path.contains("/common/metadata/") || path.contains("/generated/");
                if (!generated || !path.endsWith(".class") || path.contains("$"))
                    continue;
                Class<?> type = Class.forName(path.substring(0, path.length() - 6).replace('/', '.'));
                if (Message.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers()))
                    classes.put(schemaName(type), type);
            }
        }
    }

    /** Kafka's generator appends "Data" to the names of requests, responses and headers. */
    private static String schemaName(Class<?> type) {
        String name = type.getSimpleName();
        return name.endsWith("RequestData") || name.endsWith("ResponseData") || name.endsWith("HeaderData")
            ? name.substring(0, name.length() - 4) : name;
    }

    private static void writeAll(PrintStream out, String name, Class<?> type) throws Exception {
        Schema[] schemas = (Schema[]) type.getField("SCHEMAS").get(null);
        Message empty = (Message) type.getConstructor().newInstance();
        for (short version = empty.lowestSupportedVersion(); version <= empty.highestSupportedVersion(); version++) {
            for (String filling : FILLINGS) {
                Message message = (Message) type.getConstructor().newInstance();
                boolean flexible = fill(message, schemas[version], filling, name);
                if (filling.equals("unknown") && !flexible)
                    continue;
                out.print(name + "|" + version + "|" + filling + "|" + hex(message, version) + "|" + json(type, message, version) + "\n");
            }
        }
    }

    private static String hex(Message message, short version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBufferAccessor buffer = new ByteBufferAccessor(ByteBuffer.allocate(message.size(cache, version)));
        message.write(buffer, cache, version);
        return HexFormat.of().formatHex(buffer.buffer().array());
    }

    private static String json(Class<?> type, Message message, short version) throws Exception {
        Class<?> converter;
        try {
            converter = Class.forName(type.getName() + "JsonConverter");
        } catch (ClassNotFoundException none) {
            // The schema inside the Streams partition assignor has no JSON form.
            return "";
        }
        Method write = converter.getMethod("write", type, short.class, boolean.class);
        return write.invoke(null, message, version, false).toString();
    }

    /** Returns whether the version is flexible. */
    private static boolean fill(Object struct, Schema schema, String filling, String path) throws Exception {
        boolean flexible = false;
        Map<String, Field> fields = fieldsByName(struct.getClass());
        for (BoundField bound : schema.fields()) {
            if (bound.def.type instanceof TaggedFields tagged) {
                flexible = true;
                for (org.apache.kafka.common.protocol.types.Field field : taggedFields(tagged))
                    fillField(struct, fields.get(field.name.replace("_", "")), field.type, filling, path + "." + field.name);
            } else {
                fillField(struct, fields.get(bound.def.name.replace("_", "")), bound.def.type, filling, path + "." + bound.def.name);
            }
        }
        if (flexible && filling.equals("unknown")) {
            List<RawTaggedField> unknown = ((Message) struct).unknownTaggedFields();
            unknown.add(new RawTaggedField(100, text(path + ".100").getBytes(StandardCharsets.UTF_8)));
            unknown.add(new RawTaggedField(100_000, new byte[200]));
        }
        return flexible;
    }

    /** Apache Kafka 3.9 has no accessor for them. */
    @SuppressWarnings("unchecked")
    private static Collection<org.apache.kafka.common.protocol.types.Field> taggedFields(TaggedFields tagged) throws Exception {
        Field fields = TaggedFields.class.getDeclaredField("fields");
        fields.setAccessible(true);
        return ((Map<Integer, org.apache.kafka.common.protocol.types.Field>) fields.get(tagged)).values();
    }

    private static Map<String, Field> fieldsByName(Class<?> type) {
        Map<String, Field> fields = new HashMap<>();
        for (Field field : type.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) || field.getName().startsWith("_"))
                continue;
            field.setAccessible(true);
            fields.put(field.getName().toLowerCase(java.util.Locale.ROOT), field);
        }
        return fields;
    }

    private static void fillField(Object struct, Field field, org.apache.kafka.common.protocol.types.Type type, String filling, String path) throws Exception {
        if (field == null)
            throw new IllegalStateException("no field for " + path);
        if (filling.equals("default"))
            return;
        if (filling.equals("null")) {
            if (type.isNullable() && !field.getType().isPrimitive())
                field.set(struct, null);
            return;
        }
        field.set(struct, value(field.getType(), field.getGenericType(), type, field.get(struct), filling, path));
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Object value(Class<?> java, Type generic, org.apache.kafka.common.protocol.types.Type type, Object old, String filling, String path) throws Exception {
        int seed = path.hashCode();
        String name = type.toString();
        if (java == boolean.class)
            return !((Boolean) old);
        if (java == byte.class || java == Byte.class)
            return other((byte) seed, old, (byte) (seed + 1));
        if (java == short.class || java == Short.class)
            return other((short) seed, old, (short) (seed + 1));
        if (java == int.class || java == Integer.class)
            return name.equals("UINT16") ? (Object) ((seed & 0xffff) | 1) : other(seed, old, seed + 1);
        if (java == long.class || java == Long.class)
            return name.equals("UINT32") ? (Object) ((seed & 0xffffffffL) | 1) : other(seed * 0x1_0000_0001L, old, seed + 1L);
        if (java == double.class)
            return seed / 1000.0;
        if (java == String.class)
            return text(path);
        if (java == Uuid.class)
            return new Uuid(seed * 31L + 1, ((long) seed) << 20);
        if (java == byte[].class)
            return text(path + "#").getBytes(StandardCharsets.UTF_8);
        if (java == ByteBuffer.class)
            return ByteBuffer.wrap(text(path + "#").getBytes(StandardCharsets.UTF_8));
        if (java.getSimpleName().equals("BaseRecords"))
            return records(java.getPackageName(), ByteBuffer.wrap(text(path + "#").repeat(5).getBytes(StandardCharsets.UTF_8)));
        if (Collection.class.isAssignableFrom(java)) {
            Collection list = java == List.class ? new ArrayList<>() : (Collection) java.getConstructor().newInstance();
            Class<?> element = elementClass(java, generic);
            var elementType = type.arrayElementType().get();
            for (int i = 0; i < 2; i++) {
                Object item = elementType instanceof Schema ? element.getConstructor().newInstance() : null;
                list.add(value(element, element, elementType, item, filling, path + "[" + i + "]"));
            }
            return list;
        }
        if (type instanceof Schema schema) {
            Object item = java.getConstructor().newInstance();
            fill(item, schema, filling, path);
            return item;
        }
        throw new IllegalStateException("no value for " + path + " of " + java);
    }

    /** The package differs between Apache Kafka 3.9 and 4.3. */
    private static Object records(String packageName, ByteBuffer bytes) throws Exception {
        return Class.forName(packageName + ".MemoryRecords").getMethod("readableRecords", ByteBuffer.class).invoke(null, bytes);
    }

    private static Object other(Object value, Object old, Object instead) {
        return value.equals(old) ? instead : value;
    }

    private static Class<?> elementClass(Class<?> java, Type generic) {
        Type holder = generic instanceof ParameterizedType ? generic : java.getGenericSuperclass();
        return (Class<?>) ((ParameterizedType) holder).getActualTypeArguments()[0];
    }

    /** Short, not all of it ASCII, different from field to field. */
    private static String text(String path) {
        int seed = path.hashCode();
        return (seed % 3 == 0 ? "né" : "v") + Integer.toHexString(seed);
    }
}
