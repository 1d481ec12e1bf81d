package lamella.optim;

/// The code that makes an optimizer: a call of the factory, then the constants that differ from its
/// defaults.
final class SpecText {
    private final StringBuilder text;

    SpecText(String factory, float learningRate) {
        text = new StringBuilder(factory).append('(').append(learningRate).append(')');
    }

    SpecText add(String constant, float value, float usual) {
        if (value != usual) {
            text.append('.').append(constant).append('(').append(value).append(')');
        }
        return this;
    }

    SpecText add(String constant, boolean value) {
        if (value) {
            text.append('.').append(constant).append("(true)");
        }
        return this;
    }

    SpecText append(String call) {
        text.append(call);
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
