/// Convolution as matrix products: the input is unfolded so that each output position becomes a column that holds
/// all values its filter sees, zero where the filter hangs over the edge.

#include <algorithm>

#include "cudnn_convolution.h"
#include "cudnn_matrix.h"

namespace emulator::cudnn {

namespace {

/// Some images of one group; as many as keep the unfolded matrix at a few megabytes.
struct Part {
    const Geometry& of;
    int group;
    int first_image;
    int images;

    long columns() const { return images * of.positions(); }
};

template <class Work>
void each_part(const Geometry& of, Work work) {
    constexpr long most_values = 1L << 20;
    int images = static_cast<int>(std::clamp(most_values / (of.depth() * of.positions()), 1L, (long)of.images));
    for (int group = 0; group < of.groups(); group++) {
        for (int first = 0; first < of.images; first += images) {
            work(Part{of, group, first, std::min(images, of.images - first)});
        }
    }
}

/// The output positions [begin, end) along one axis at which a filter tap lies inside the input.
struct Inside {
    int begin, end;
    int offset;  // input position of output position 0, perhaps negative
    int stride;

    Inside(int extent, int out_extent, int padding, int stride, int tap_offset)
        : offset(tap_offset - padding), stride(stride) {
        begin = offset >= 0 ? 0 : (-offset + stride - 1) / stride;
        end = offset >= extent ? 0 : std::min(out_extent, (extent - 1 - offset) / stride + 1);
    }
};

/// Calls visit(row of the unfolded matrix, column, input offset, columns, input step) for each run of positions.
template <class Visit>
void each_run(const Part& part, Visit visit) {
    const Geometry& of = part.of;
    const Convolution& how = of.convolution;
    long row = 0;
    for (int channel = 0; channel < of.group_channels; channel++) {
        for (int i = 0; i < of.filter_height; i++) {
            Inside rows(of.height, of.out_height, how.padding[0], how.stride[0], i * how.dilation[0]);
            for (int j = 0; j < of.filter_width; j++, row++) {
                Inside columns(of.width, of.out_width, how.padding[1], how.stride[1], j * how.dilation[1]);
                if (columns.begin >= columns.end) continue;
                for (int image = 0; image < part.images; image++) {
                    long plane = static_cast<long>(part.first_image + image) * of.channels +
                                 part.group * of.group_channels + channel;
                    for (int y = rows.begin; y < rows.end; y++) {
                        long input_row = plane * of.height + y * rows.stride + rows.offset;
                        visit(row, image * of.positions() + static_cast<long>(y) * of.out_width + columns.begin,
                              input_row * of.width + columns.begin * columns.stride + columns.offset,
                              columns.end - columns.begin, columns.stride);
                    }
                }
            }
        }
    }
}

/// [depth, columns]
Values unfold(const Part& part, const Values& x) {
    Values result(part.of.depth() * part.columns());
    each_run(part, [&](long row, long column, long input, long count, long step) {
        double* target = result.data() + row * part.columns() + column;
        const double* source = x.data() + input;
        if (step == 1) {
            std::copy_n(source, count, target);
        } else {
            for (long i = 0; i < count; i++) target[i] = source[i * step];
        }
    });
    return result;
}

/// Adds an unfolded matrix back to where its values came from.
void fold(const Part& part, const Values& unfolded, Values& x) {
    each_run(part, [&](long row, long column, long input, long count, long step) {
        const double* source = unfolded.data() + row * part.columns() + column;
        double* target = x.data() + input;
        for (long i = 0; i < count; i++) target[i * step] += source[i];
    });
}

/// Offset of the positions of one filter of the part's group in one of its images.
long output_offset(const Part& part, int image, int filter) {
    const Geometry& of = part.of;
    long plane = static_cast<long>(part.first_image + image) * of.filters + part.group * of.group_filters() + filter;
    return plane * of.positions();
}

/// The part's output values as [filters of the group, columns].
Values gather_output(const Part& part, const Values& y) {
    Values result(part.of.group_filters() * part.columns());
    double* target = result.data();
    for (int filter = 0; filter < part.of.group_filters(); filter++) {
        for (int image = 0; image < part.images; image++) {
            target = std::copy_n(y.data() + output_offset(part, image, filter), part.of.positions(), target);
        }
    }
    return result;
}

/// Filters with both spatial axes reversed where the descriptor asks for a true convolution.
Values oriented(const Geometry& of, Values w) {
    if (of.convolution.mode == cross_correlation) return w;
    long taps = static_cast<long>(of.filter_height) * of.filter_width;
    for (auto first = w.begin(); first != w.end(); first += taps) std::reverse(first, first + taps);
    return w;
}

}  // namespace

Values convolve(const Geometry& of, const Values& x, const Values& w) {
    Values weight = oriented(of, w);
    Values y(of.output_count());
    each_part(of, [&](const Part& part) {
        Values unfolded = unfold(part, x);
        Values product(of.group_filters() * part.columns());
        multiply_add(of.group_filters(), part.columns(), of.depth(),
                     weight.data() + part.group * of.group_filters() * of.depth(), unfolded.data(), product.data());
        const double* source = product.data();
        for (int filter = 0; filter < of.group_filters(); filter++) {
            for (int image = 0; image < part.images; image++, source += of.positions()) {
                std::copy_n(source, of.positions(), y.data() + output_offset(part, image, filter));
            }
        }
    });
    return y;
}

Values convolve_backward_data(const Geometry& of, const Values& w, const Values& dy) {
    Values weight = oriented(of, w);
    Values dx(of.input_count());
    each_part(of, [&](const Part& part) {
        Values transposed(of.group_filters() * of.depth());
        transpose(of.group_filters(), of.depth(), weight.data() + part.group * of.group_filters() * of.depth(),
                  transposed.data());
        Values gradient = gather_output(part, dy);
        Values unfolded(of.depth() * part.columns());
        multiply_add(of.depth(), part.columns(), of.group_filters(), transposed.data(), gradient.data(),
                     unfolded.data());
        fold(part, unfolded, dx);
    });
    return dx;
}

Values convolve_backward_filter(const Geometry& of, const Values& x, const Values& dy) {
    Values dw(of.filter_count());
    each_part(of, [&](const Part& part) {
        Values unfolded = unfold(part, x);
        Values transposed(unfolded.size());
        transpose(of.depth(), part.columns(), unfolded.data(), transposed.data());
        Values gradient = gather_output(part, dy);
        multiply_add(of.group_filters(), of.depth(), part.columns(), gradient.data(), transposed.data(),
                     dw.data() + part.group * of.group_filters() * of.depth());
    });
    return oriented(of, std::move(dw));
}

}  // namespace emulator::cudnn
