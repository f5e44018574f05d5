# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# fish completes gaitctl, gaitd and its displays from their own --help.

function __gaitd_words
    for line in (@libexecdir@/gaitd/words (commandline -opc) (commandline -ct) 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path (commandline -ct)
        else
            echo -- $line
        end
    end
end

complete -c @program@ -f -a '(__gaitd_words)'
